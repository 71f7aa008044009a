export { createTasks, type TaskContext, type Tasks } from './tasks.ts';
