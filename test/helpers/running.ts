import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/index.js";

const running: Emulator[] = [];

/** Starts an emulator that stops after the test. */
export async function start(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  running.push(emulator);
  return emulator;
}

/** An `afterEach` hook. */
export async function closeAll(): Promise<void> {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()));
}
