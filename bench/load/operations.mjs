// GraphQL operations over HTTP, in rows side by side: each has a connection, and one operation after the other.
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '../harness/serve.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: 1_024, maxFreeSockets: 1_024 });

let turn = 0;

/** How long a row waits when it was refused (ms): less than it is told to. */
const pause = 300;

serve({
  /** Opens so many connections, as clients that have been there for a while have them. */
  async connect({ url, rows }) {
    const open = () =>
      new Promise((resolve, reject) => {
        request(new URL('/', url), { agent }, (response) => response.resume().on('end', resolve))
          .on('error', reject)
          .end();
      });
    await Promise.all(Array.from({ length: rows }, open));
  },

  /** So many after each other, in so many rows side by side. */
  async inRows({ url, bodies, rows, count }) {
    const begun = performance.now();
    const outcomes = [];
    const work = async () => {
      for (let index = 0; index < count; index++) outcomes.push(await ask(url, bodies));
    };
    await Promise.all(Array.from({ length: rows }, work));
    return summarize(outcomes, performance.now() - begun);
  },

  /** For so long in so many rows. */
  async forSeconds({ url, bodies, rows, seconds }) {
    const begun = performance.now();
    const outcomes = [];
    const work = async () => {
      while (performance.now() - begun < seconds * 1000) {
        const asked = await ask(url, bodies);
        outcomes.push(asked);
        if (asked.outcome !== 'answered') await sleep(pause);
      }
    };
    await Promise.all(Array.from({ length: rows }, work));
    return summarize(outcomes, performance.now() - begun);
  },
});

/** How long one took (ms), and whether it was answered, refused with the reason and when to come again, or neither. */
function ask(url, bodies) {
  turn = (turn + 1) % bodies.length;
  const body = bodies[turn];
  const begun = performance.now();
  return new Promise((resolve) => {
    const finish = (outcome) => resolve({ outcome, ms: performance.now() - begun });
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => finish(outcomeOf(response, text)));
      response.on('error', () => finish('failed'));
    });
    sent.on('error', () => finish('failed'));
    sent.end(body);
  });
}

function outcomeOf({ statusCode, headers }, text) {
  if (statusCode === 200 && !text.includes('"errors"')) return 'answered';
  const isShed = statusCode === 503 && text.includes('"OVERLOADED"');
  return isShed && headers['retry-after'] !== undefined ? 'refused' : 'failed';
}

function summarize(outcomes, ms) {
  const times = (wanted) =>
    outcomes.filter(({ outcome }) => outcome === wanted).map((each) => each.ms);
  const failed = times('failed').length;
  return {
    answered: times('answered'),
    refused: times('refused'),
    failed,
    perSecond: (times('answered').length / ms) * 1000,
  };
}
