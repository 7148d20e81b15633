/** Actions that the gateway knows by itself. */
export const REBOOT = 'reboot';
export const FACTORY_RESET = 'factoryReset';
export const UPDATE_FIRMWARE = 'updateFirmware';

/** What operations that follow no profile are called. */
export const INVOKE_METHOD = 'invokeMethod';
export const SEND_MESSAGE = 'sendMessage';
