// Takes it as a failed write, as on a full disk, when a file may not grow any more: by itself the signal ends a process.
import process from 'node:process';

process.on('SIGXFSZ', () => {});
