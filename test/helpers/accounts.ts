import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator, ServiceInstance } from "../../src/emulator/index.js";
import { startGateway } from "./gateway.js";
import { start } from "./running.js";

/** Two accounts, care and sales, at one endpoint, and a file with a profile for each. */
export interface Accounts extends AsyncDisposable {
  readonly care: Emulator;
  readonly sales: Emulator;
  /** The environment variables of the service and the file. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts the accounts. `closeAll` closes the emulators; the result closes the rest. */
export async function startAccounts(): Promise<Accounts> {
  const care = await startAccount("care", [
    bot("bot-hotline", "prod", 10, 3),
    bot("bot-trial", "staging", 1, 2),
    bot("bot-reminder", "prod", 20, 1),
  ]);
  const sales = await startAccount("sales", [bot("bot-offer", "prod", 40, 2)]);
  const gateway = await startGateway(care, sales);
  const folder = mkdtempSync(join(tmpdir(), "outboundbot-accounts-"));
  const file = join(folder, "config.json");
  writeFileSync(
    file,
    JSON.stringify({ current: "care", profiles: [profile("care", care), profile("sales", sales)] }),
  );
  return {
    care,
    sales,
    environment: {
      ALIBABA_CLOUD_ENDPOINT_OUTBOUNDBOT: gateway.endpoint,
      ALIBABA_CLOUD_CREDENTIALS_FILE: file,
    },
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startAccount(name: string, instances: ServiceInstance[]): Promise<Emulator> {
  return start({ instances, accessKeyId: `${name}-key`, accessKeySecret: `${name}-secret` });
}

function profile(name: string, { accessKeyId, accessKeySecret }: Emulator) {
  return {
    name,
    mode: "AK",
    access_key_id: accessKeyId,
    access_key_secret: accessKeySecret,
    region_id: "cn-shanghai",
  };
}

function bot(id: string, env: string, calls: number, age: number): ServiceInstance {
  return {
    InstanceId: id,
    InstanceName: `Name of ${id}`,
    CreationTime: 1_700_000_000_000 + age,
    MaxConcurrentConversation: calls,
    ResourceTags: [{ Key: "env", Value: env }],
  };
}
