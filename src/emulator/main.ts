import { runEmulator } from './program.js';

await runEmulator(process.argv.slice(2), process.env, 'npm run emulator --');
