import { headerOf } from "../api/answer.js";
import type { Signer } from "../api/callerIdentity.js";

/** What an advice may draw on. */
export interface AdviceContext {
  readonly action: string;
  readonly signer: Signer | undefined;
  /** By name in lower case; none when no answer came. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** This machine's time, in milliseconds since the epoch. */
  readonly now: number;
}

/** One usual failure and the way out of it. */
export interface Advice {
  /** The codes that it is known by; one that ends in `*` stands for all that begin so. */
  readonly codes: readonly string[];
  /** What the codes mean. */
  readonly meaning: string;
  /** What to do, the same for every failure of the kind. */
  readonly remedy: string;
  /** What this failure adds to that. */
  readonly detail?: (context: AdviceContext) => string | undefined;
}

/** The RAM action behind an API action. */
const ramActions: ReadonlyMap<string, string> = new Map([
  ["ListInstances", "outboundbot:ListInstances"],
  ["AssumeRole", "sts:AssumeRole"],
]);

/** Every usual failure, in the order of docs/errors.md, which a test holds to this table. */
export const advices: readonly Advice[] = [
  {
    codes: ["Forbidden.RAM", "NoPermission*", "Forbidden", "Forbidden.*"],
    meaning: "The access key is right, but its user or role may not make this call.",
    remedy: "Attach a RAM policy that allows the action to that user or role.",
    detail: ({ action }) => {
      const ramAction = ramActions.get(action);
      return ramAction === undefined ? undefined : `This policy does: ${ramPolicy(ramAction)}`;
    },
  },
  {
    codes: ["InvalidAccessKeyId.NotFound", "InvalidAccessKeyId*"],
    meaning: "The service does not know the access key id: it was mistyped, or the key was deleted.",
    remedy: "Correct the access key id where it is set, or create a new access key.",
    detail: ({ signer }) => keySource(signer),
  },
  {
    codes: ["InvalidAccessKeyId.Inactive", "InvalidAccessKeyId.Disabled"],
    meaning: "The access key is disabled.",
    remedy: "Enable the access key in the RAM console, or use another one.",
    detail: ({ signer }) => keySource(signer),
  },
  {
    codes: ["SignatureDoesNotMatch", "IncompleteSignature"],
    meaning: "The access key secret does not belong to the access key id.",
    remedy:
      "Correct the secret where it is set: copy it whole, without quotation marks or spaces around it, and take both halves from the same key.",
    detail: ({ signer }) => keySource(signer),
  },
  {
    codes: ["InvalidSecurityToken*", "SecurityTokenExpired", "InvalidStsToken*"],
    meaning: "The security token has expired, or does not belong to the access key.",
    remedy:
      "Get new temporary credentials and set all three parts of them: access key id, secret and security token.",
    detail: ({ signer }) => keySource(signer),
  },
  {
    codes: ["MissingSecurityToken"],
    meaning: "The access key is a temporary one, and its security token was not given.",
    remedy: "Set the security token that came with the access key.",
    detail: ({ signer }) => keySource(signer),
  },
  {
    codes: ["InvalidTimeStamp*"],
    meaning: "This machine's clock differs from the service's by more than 15 minutes.",
    remedy: "Set this machine's clock (time synchronisation over NTP keeps it right).",
    detail: clocks,
  },
  {
    codes: ["EntityNotExist.Role"],
    meaning: "There is no such role to assume, or it does not trust the identity that assumes it.",
    remedy: "Correct the role's ARN, and check the trust policy of the role.",
  },
  {
    codes: ["AuthenticationFail.*"],
    meaning: "STS does not accept the OIDC token.",
    remedy:
      "Check that the token file is renewed, and that the provider's issuer, fingerprint and client id are right.",
  },
  {
    codes: ["Throttling*"],
    meaning: "The service was called too often, and stayed so over all attempts.",
    remedy: "Try again later, lower outboundbot:maxConcurrency, or raise outboundbot:maxAttempts.",
  },
  {
    codes: ["InvalidApi.NotFound", "InvalidVersion", "InvalidAction.NotFound"],
    meaning: "What answered does not offer this API.",
    remedy: "Check that the endpoint is OutboundBot's own, or leave it out.",
  },
  {
    codes: ["UnknownHost"],
    meaning: "The host name has no address.",
    remedy:
      "Check the region and the endpoint, and this machine's DNS; outboundbot:network=vpc works only inside a VPC, and behind a proxy HTTPS_PROXY must be set.",
  },
  {
    codes: ["ConnectionRefused"],
    meaning: "The host was found, but nothing listens at that port.",
    remedy:
      "Check the endpoint's port, that an emulator is running if one is meant, and that no firewall is in the way.",
  },
  {
    codes: ["ConnectionReset", "TruncatedResponse"],
    meaning: "The connection was cut before the whole answer was there.",
    remedy: "Try again; if it stays so, look for a proxy or firewall that cuts connections.",
  },
  {
    codes: ["CallTimeout"],
    meaning: "No whole answer came in time.",
    remedy:
      "Check the network and whether HTTPS_PROXY is needed here; outboundbot:callTimeout sets the time of one call.",
  },
  {
    codes: ["ProxyFailure"],
    meaning: "The proxy could not be reached, or did not pass the call on.",
    remedy:
      "Check HTTPS_PROXY, HTTP_PROXY and the proxy's sign-in; NO_PROXY lists the hosts that are reached directly.",
  },
  {
    codes: ["TlsFailure"],
    meaning: "The host could not prove that it is the one asked for.",
    remedy:
      "If a proxy or a private certificate authority is at work here, name its certificate with outboundbot:caFile or NODE_EXTRA_CA_CERTS; the checks cannot be turned off.",
  },
  {
    codes: ["UnexpectedRedirect", "UnreadableResponse", "EmptyResponse"],
    meaning: "What answered is not the service: a proxy's or portal's page, most likely.",
    remedy: "Check the endpoint, and whether a proxy or a sign-in page of the network answers in its place.",
  },
];

const byExactCode = new Map(
  advices.flatMap((advice) => advice.codes.map((code): [string, Advice] => [code, advice])),
);
/** The longer beginning is the more telling one. */
const byBeginning = [...byExactCode]
  .filter(([code]) => code.endsWith("*"))
  .map(([code, advice]) => ({ beginning: code.slice(0, -1), advice }))
  .sort((one, other) => other.beginning.length - one.beginning.length);

/** What to do about a failure, as sentences that follow its message; empty where nothing is known to help. */
export function adviceFor(code: string, context: AdviceContext): string {
  const advice =
    byExactCode.get(code) ?? byBeginning.find(({ beginning }) => code.startsWith(beginning))?.advice;
  if (advice === undefined) {
    return "";
  }
  const detail = advice.detail?.(context);
  return ` What to do: ${advice.remedy}${detail === undefined ? "" : ` ${detail}`}`;
}

/** A RAM policy that allows one action, as the RAM console takes it. */
function ramPolicy(action: string): string {
  return JSON.stringify({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
  });
}

function keySource(signer: Signer | undefined): string | undefined {
  return signer === undefined ? undefined : `The access key came from ${signer.source}.`;
}

function clocks({ headers, now }: AdviceContext): string | undefined {
  const theirs = Date.parse(headerOf(headers, "date") ?? "");
  const ours = `This machine's clock says ${new Date(now).toISOString()}`;
  const minutes = Math.round(Math.abs(now - theirs) / 60_000);
  // A header that agrees with this machine was not written by the clock that disagrees.
  if (Number.isNaN(theirs) || minutes === 0) {
    return `${ours}.`;
  }
  const direction = now > theirs ? "ahead" : "behind";
  return `${ours}, the service's ${new Date(theirs).toISOString()}: ${minutes} minutes ${direction}.`;
}
