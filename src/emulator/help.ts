import { faultKinds } from "./faultSyntax.js";

const before = `outboundbot-emulator: Alibaba Cloud OutboundBot's ListInstances (2019-12-26) on this machine.

Usage: outboundbot-emulator [options]

It listens on 127.0.0.1 only, checks each call's signature (ACS3-HMAC-SHA256, or version 1.0), and runs
until Ctrl-C. Once it listens it prints one "export NAME=VALUE" line on standard output for each setting
that a client needs, and closes standard output.

Options:
  --port N               TCP port, 0 to 65535; 0 takes a free one. Default 0.
  --count N              How many generated instances, 0 to 100000, always the same ones. Default 120.
  --data FILE            Instances from a JSON file instead: {"Instances": [...]} or the list alone,
                         in the service's field names. A saved answer of the service will do.
  --latency MS           Time to answer a call, in ms, 0 to 600000. Default 0.
  --page-limit N[:HOW]   Largest page, 1 to 100000. HOW a larger PageSize is treated: said (the answer's
                         PageSize says N; default), unsaid (it does not) or refused. Default: no limit.
  --rate-limit N[:BURST] Calls a second (above 0), and at once (default N); more of them get
                         Throttling.User. Default: no limit.
  --fault KIND[@WHEN]    Something that goes wrong; may be given several times. See below.
  --name-match HOW       How the parameter Name is compared: exact (default) or fuzzy (a part of the name).
  --key-id ID            The access key id. Default emulator-access-key-id.
  --secret SECRET        Its secret. Default emulator-access-key-secret.
  --security-token TOKEN The token that each call must carry. Default: none.
  --clock-offset MS      How far the service's clock is ahead, in ms, such as --clock-offset=-1000000 for behind.
                         Default 0.
  --log                  A line for each call on standard error. It shows no secrets.
  --help, -h             This text.
  --version              The version.

Generated instances carry the tags env (prod, staging, dev), team (growth, care, risk, logistics),
部门 (客服部, 市场部, 风控部), some also note (reserved characters) and pilot (an empty value); some none.

Fault kinds:
`;

const after = `
WHEN says which calls a fault strikes, counted from 1; a call that is refused anyway is not counted:
  always       every call (default)          every:N      calls N, 2N, 3N, …
  first:N      the first N calls             every:N+K    calls K, K+N, K+2N, …
  page:N       every call for page N         calls:A,B,C  these calls

Example: throttle every third call, and use the emulator from the same shell.
  eval "$(outboundbot-emulator --count 1000 --latency 50 --fault throttling@every:3 &)"
  pulumi preview
Standard error shows the process id; kill it when done. Or run it in a terminal of its own and copy the lines.

Another example, with the vendor's own clients:
  outboundbot-emulator --port 8080 --log
  aliyun outboundbot ListInstances --endpoint 127.0.0.1:8080 --insecure --force --region cn-shanghai \\
    --access-key-id emulator-access-key-id --access-key-secret emulator-access-key-secret \\
    --PageSize 50 --Tag.1.Key env --Tag.1.Value prod
The vendor's SDKs take endpoint 127.0.0.1:8080 and protocol HTTP in their Config.

Exit status: 0 when stopped, 1 when it cannot listen, 2 for an option or data that it cannot use.
`;

export function helpText(): string {
  const kinds = Object.entries(faultKinds).map(([kind, { argument, summary }]) => {
    const name = `${kind}${argument}`;
    return name.length > 20 ? `  ${name}\n${" ".repeat(24)}${summary}` : `  ${name.padEnd(22)}${summary}`;
  });
  return `${before}${kinds.join("\n")}\n${after}`;
}
