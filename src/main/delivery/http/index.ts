export { requireUsableLogin } from './authorization.ts';
export { deliverOverHttp } from './deliver.ts';
export { visit as visitOverHttp } from './running.ts';
export { scanCertificate } from './socket.ts';
