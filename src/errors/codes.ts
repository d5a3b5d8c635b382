/** How a failed call is retried: when the rate limit allows it, after a delay, or never. */
export type Retry = "throttled" | "transient" | "never";

/** The facts that advice on a failure can use. */
export interface AdviceContext {
  /** The RAM action that the call needs. */
  readonly ramAction?: string | undefined;
  /** The source of the access key. */
  readonly keySource?: string | undefined;
  /** The time in the response, in the format of the `Date` header. */
  readonly serverDate?: string | undefined;
  /** This machine's time, in milliseconds since the Unix epoch. */
  readonly now: number;
}

/** A kind of failure, its remedy and its retry behavior. */
export interface ErrorCode {
  /** The codes of this kind; `*` matches any characters. */
  readonly codes: readonly string[];
  readonly meaning: string;
  /** What to do, for every failure of this kind. */
  readonly remedy?: string;
  /** Advice that depends on this failure, appended to the remedy. */
  readonly detail?: (context: AdviceContext) => string | undefined;
  /** How the call is retried. Default: `never`. */
  readonly retry?: Retry;
}

/** Every known code, in the order of docs/errors.md. A test compares both. */
export const errorCodes: readonly ErrorCode[] = [
  {
    codes: ["Forbidden.RAM", "NoPermission*", "Forbidden", "Forbidden.*"],
    meaning: "The access key is right, but its user or role may not make this call.",
    remedy: "Attach a RAM policy that allows the action to that user or role.",
    detail: ({ ramAction }) =>
      ramAction === undefined ? undefined : `This policy does: ${ramPolicy(ramAction)}`,
  },
  {
    codes: ["NotExist.Instance"],
    meaning: "The account has no instance of this id.",
    remedy:
      "Correct instanceId, and check that the lookup goes to the account and the region of the instance.",
  },
  {
    codes: ["InvalidAccessKeyId.NotFound", "InvalidAccessKeyId*"],
    meaning: "The service does not know the access key id: it was mistyped, or the key was deleted.",
    remedy: "Correct the access key id where it is set, or create a new access key.",
    detail: keyOrigin,
  },
  {
    codes: ["InvalidAccessKeyId.Inactive", "InvalidAccessKeyId.Disabled"],
    meaning: "The access key is disabled.",
    remedy: "Enable the access key in the RAM console, or use another one.",
    detail: keyOrigin,
  },
  {
    codes: ["SignatureDoesNotMatch", "IncompleteSignature"],
    meaning: "The access key secret does not belong to the access key id.",
    remedy:
      "Correct the secret where it is set: copy it whole, without quotation marks or spaces around it, and take both halves from the same key.",
    detail: keyOrigin,
  },
  {
    codes: ["InvalidSecurityToken*", "SecurityTokenExpired", "InvalidStsToken*"],
    meaning: "The security token has expired, or does not belong to the access key.",
    remedy:
      "Get new temporary credentials and set all three parts of them: access key id, secret and security token.",
    detail: keyOrigin,
  },
  {
    codes: ["MissingSecurityToken"],
    meaning: "The access key is a temporary one, and its security token was not given.",
    remedy: "Set the security token that came with the access key.",
    detail: keyOrigin,
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
    codes: ["*Throttl*"],
    retry: "throttled",
    meaning: "The service was called too often, and stayed so over all attempts.",
    remedy:
      "Try again later, set outboundbot:maxRate to your share of the quota, or raise outboundbot:maxAttempts.",
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
    retry: "transient",
    meaning: "The host was found, but nothing listens at that port.",
    remedy:
      "Check the endpoint's port, that an emulator is running if one is meant, and that no firewall is in the way.",
  },
  {
    codes: ["ConnectionReset", "TruncatedResponse"],
    retry: "transient",
    meaning: "The connection was cut before the whole answer was there.",
    remedy: "Try again; if it stays so, look for a proxy or firewall that cuts connections.",
  },
  {
    codes: ["CallTimeout"],
    retry: "transient",
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
    codes: ["UnreadableResponse", "EmptyResponse"],
    retry: "transient",
    meaning: "What answered is not the service: a proxy's or portal's page, most likely.",
    remedy: "Check the endpoint, and whether a proxy or a sign-in page of the network answers in its place.",
  },
  {
    codes: ["UnexpectedRedirect"],
    meaning: "What answered is not the service: a proxy's or portal's page, most likely.",
    remedy: "Check the endpoint, and whether a proxy or a sign-in page of the network answers in its place.",
  },
  {
    codes: ["ServiceUnavailable*", "InternalError*", "InternalServerError*", "Unknown", "UnknownError"],
    retry: "transient",
    meaning: "The service failed, and kept failing over all attempts.",
  },
  {
    codes: ["SignatureNonceUsed*"],
    retry: "transient",
    meaning: "The service received the same request twice; a retry is signed anew.",
  },
  {
    codes: ["ConnectionFailed"],
    retry: "transient",
    meaning: "The network failed in a way that has no code of its own.",
  },
];

/** The patterns of all codes, most specific first. */
const patterns = errorCodes
  .flatMap((entry) => entry.codes.map((pattern) => ({ pattern, entry })))
  .sort((one, other) => specificity(other.pattern) - specificity(one.pattern))
  .map(({ pattern, entry }) => ({ matches: toRegExp(pattern), entry }));

function specificity(pattern: string): number {
  return pattern.includes("*") ? pattern.length : Number.POSITIVE_INFINITY;
}

function toRegExp(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`, "i");
}

function entryOf(code: string): ErrorCode | undefined {
  return patterns.find(({ matches }) => matches.test(code))?.entry;
}

/** Returns what to do about a failure, or `undefined` when no remedy is known. */
export function adviceFor(code: string, context: AdviceContext): string | undefined {
  const entry = entryOf(code);
  if (entry?.remedy === undefined) {
    return undefined;
  }
  const detail = entry.detail?.(context);
  return detail === undefined ? entry.remedy : `${entry.remedy} ${detail}`;
}

/**
 * Returns how a failed call is retried.
 *
 * The code decides, because one code comes with different statuses. Any status of 500 and above is transient. An unreadable
 * response with a 3xx or 4xx status is final, because a proxy or portal sends the same one again.
 */
export function retryOf(code: string, statusCode?: number): Retry {
  const retry = entryOf(code)?.retry ?? "never";
  if (retry === "throttled" || statusCode === 429) {
    return "throttled";
  }
  if (statusCode !== undefined && statusCode >= 500) {
    return "transient";
  }
  const unreadable = code === "UnreadableResponse" || code === "EmptyResponse";
  return unreadable && statusCode !== undefined && statusCode >= 300 ? "never" : retry;
}

/** Returns a RAM policy that allows one action, in the format that the RAM console accepts. */
function ramPolicy(action: string): string {
  return JSON.stringify({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
  });
}

function keyOrigin({ keySource }: AdviceContext): string | undefined {
  return keySource === undefined ? undefined : `The access key came from ${keySource}.`;
}

function clocks({ serverDate, now }: AdviceContext): string {
  const theirs = Date.parse(serverDate ?? "");
  const ours = `This machine's clock says ${new Date(now).toISOString()}`;
  const minutes = Math.round(Math.abs(now - theirs) / 60_000);
  // A Date header that agrees with this machine comes from another clock than the one that rejected the request.
  if (Number.isNaN(theirs) || minutes === 0) {
    return `${ours}.`;
  }
  const direction = now > theirs ? "ahead" : "behind";
  return `${ours}, the service's ${new Date(theirs).toISOString()}: ${minutes} minutes ${direction}.`;
}
