// What the demo tells, whether a real engine runs it or Pulumi's mocks do.
import { bold, command, heading, table } from "./terminal.mjs";

/**
 * Shows what was found by tag, and which dialer got it.
 *
 * @param dialers the bots by dialer.
 */
export function showFound(dialers) {
  const rows = Object.entries(dialers).flatMap(([dialer, bots]) =>
    bots.map(({ id, name, calls }) => [dialer, id, calls, name]),
  );
  table(["dialer", "instance id", "calls at once", "name"], rows);
}

/** Shows how to go on with an account of one's own. */
export function showHowToGoOn() {
  heading("With your own account, in a Pulumi project in TypeScript:");
  command("npm install pulumi-outboundbot");
  command("pulumi config set outboundbot:profile NAME   # a profile of the aliyun client, or:");
  command("export ALIBABA_CLOUD_ACCESS_KEY_ID=… ALIBABA_CLOUD_ACCESS_KEY_SECRET=…");
  console.log(`
  import { getInstancesOutput } from "pulumi-outboundbot";
  export const ids = getInstancesOutput({ tags: { env: "prod" } }).ids;
`);
  command("pulumi preview");
  console.log(`
Where ${bold("@pulumi/alicloud")} works already, no setting is needed. The key needs the RAM action outboundbot:ListInstances.
README.md has more programs, docs/settings.md every way to sign in.`);
}
