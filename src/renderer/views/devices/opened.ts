/** What can be open over the list of devices, one at a time. */
export type Opened = 'add' | 'import' | 'paste' | 'discover' | 'edit' | 'remove';
