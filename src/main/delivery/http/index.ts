export { requireUsableLogin } from './authorization.ts';
export { deliverOverHttp } from './deliver.ts';
export { scanCertificate } from './socket.ts';
