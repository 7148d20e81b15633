// Starts a program as if so many milliseconds (LATER_BY) had gone by since: a preload for `node --import`.
// For a gateway that comes back after the deadlines of what it left open.
import process from 'node:process';

const now = Date.now;
const by = Number(process.env.LATER_BY);
Date.now = () => now() + by;
