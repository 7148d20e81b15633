import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { isEnumType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { variables } from '../src/config.js';
import { createSchema } from '../src/resolvers/index.js';
import { type GatewayProcess, startDemoProcess } from './support/gateway.js';
import { WatchOperationDocument } from './support/operations.js';
import { blocksOf } from './support/pages.js';
import { startProgram } from './support/program.js';

const readme = readFileSync('README.md', 'utf8');

describe('docs/operations.md', () => {
  test('tells of every failure code and every status, and of no other', async () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    const schema = await createSchema();
    const told = (heading: string) => {
      const [, section = ''] = page.split(`## ${heading}\n`);
      const [table = ''] = section.split('\n## ');
      return [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    };
    const valuesOf = (name: string) => {
      const type = schema.getType(name);
      return isEnumType(type) ? type.getValues().map((value) => value.name) : [];
    };

    expect(told('Why it did not succeed').sort()).toEqual(valuesOf('OperationFailureCode').sort());
    const notYet = ['AWAITING_APPROVAL', 'AWAITING_WINDOW'];
    expect([...told('How it moves'), ...notYet].sort()).toEqual(valuesOf('OperationStatus').sort());
  });
});

test('the README tells of every variable of the gateway, and of no other', () => {
  const [, section = ''] = readme.split('## Your own hub');
  const rows = [...section.matchAll(/^\|((?: `\w+`)+) \|/gm)].map(([, names = '']) => names);
  const told = rows.join(' ').match(/\w+/g) ?? [];

  // It is spoken of beside the hub that it asks for.
  expect([...told, 'NODE_ENV'].sort()).toEqual([...variables].sort());
});

describe('the README', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startDemoProcess();
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
  });

  test('shows a client that follows the reboot that it shows', async () => {
    const [client = ''] = blocksOf('README.md', 'js');
    const [curl = ''] = blocksOf('README.md', 'sh').filter((block) => block.startsWith('curl'));
    const here = (text: string) => text.replaceAll('127.0.0.1:4000', new URL(gateway.url).host);
    // Where its packages are found, as for a reader who follows it in the clone.
    const file = `follow-${process.pid}.tmp.mjs`;
    await writeFile(file, here(client));
    try {
      await using follower = startProgram(file);
      await follower.waitFor(/"phase":"IDLE"/);
      await using reboot = startProgram('-e', {
        args: [
          `process.stdout.write(require('child_process').execSync(${JSON.stringify(here(curl))}))`,
        ],
      });
      expect(await reboot.exit()).toEqual({ code: 0, signal: null });
      const answer = await reboot.waitFor(/\{"data".*/);
      expect(JSON.parse(answer[0])).toMatchObject({ data: { rebootDevice: { started: true } } });
      await follower.waitFor(/"phase":"REBOOTED".*"status":"SUCCEEDED","proof":"ANNOUNCED"/);
    } finally {
      await rm(file);
    }
  });

  test('shows queries that the schema knows and the gateway answers', async () => {
    for (const text of blocksOf('README.md', 'graphql')) {
      const { errors } = await gateway.execute(parse(text), {});
      expect(errors).toEqual([]);
    }
    expect(blocksOf('README.md', 'graphql').length).toBeGreaterThan(0);
  });

  test('leads to a page of faults, which the devices of the demo have on request', async () => {
    const [fault = '', update = ''] = blocksOf('docs/simulator.md', 'graphql');
    await gateway.data(parse(fault), {});
    const { updateFirmware } = await gateway.data<
      { updateFirmware: { operation: { id: string } } },
      object
    >(parse(update), {});
    const { id } = updateFirmware.operation;
    await using updates = gateway.subscribe(WatchOperationDocument, { id });
    await updates.completed;

    expect(updates.messages.at(-1)?.operation).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'DEVICE_REPORTED_FAILURE',
        data: { 'firmware.fwUpdateStatus': 'error' },
      },
    });
  });
});
