import type { Convention } from './convention.js';

export interface FactoryResetOptions {
  readonly restartSeconds: number;
  /** Forgets all that was set at the device. */
  forget(): void;
}

/** The method `factoryReset`: answered at once, announced in the twin, and then the device starts as it was built. */
export function createFactoryReset({ restartSeconds, forget }: FactoryResetOptions): Convention {
  return {
    methods: {
      async factoryReset(call, device) {
        if (device.fault() === 'fail') return call.answer(500, 'Factory reset failed');
        await call.answer(200, 'Factory reset started');
        await device.hold();
        const lastFactoryReset = device.now().toISOString();
        await device.report({ iothubDM: { factoryReset: { lastFactoryReset } } });
        forget();
        await device.restart(restartSeconds);
      },
    },
  };
}
