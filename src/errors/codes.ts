/** How a failed call is retried: when the rate limit allows it, after a delay, or never. */
export type Retry = "throttled" | "transient" | "never";

/** The facts that advice on a failure can use. */
export interface AdviceContext {
  /** The RAM action that the call needs. */
  readonly ramAction?: string | undefined;
  /** The time in the response, in the format of the `Date` header. */
  readonly serverDate?: string | undefined;
  /** This machine's time, in milliseconds since the Unix epoch. */
  readonly now: number;
}

/** The facts that decide how a failed call is retried. */
export interface RetryFacts {
  readonly code: string;
  /** The HTTP status; absent when there was no response. */
  readonly statusCode?: number | undefined;
  /** The time that the service asked callers to wait; absent when the service stated no time. */
  readonly retryAfter?: number | undefined;
}

/** A kind of failure, its remedy and its retry behavior. */
export interface ErrorCode {
  /** The codes of this kind; `*` matches any characters. */
  readonly codes: readonly string[];
  readonly description: string;
  /** What to do, for every failure of this kind. */
  readonly remedy?: string;
  /** Returns advice for this failure, which replaces the remedy. `undefined`: the remedy applies. */
  readonly advise?: (context: AdviceContext) => string | undefined;
  /** How the call is retried. Default: `never`. */
  readonly retry?: Retry;
}

const unreadable: ErrorCode = {
  codes: ["UnreadableResponse", "EmptyResponse", "UnexpectedRedirect"],
  retry: "transient",
  description: "The response probably came from a proxy or a captive portal, not from OutboundBot.",
  remedy: "Check the endpoint, and check whether a proxy or a captive portal answered instead.",
};

/** Every known code, in the order of docs/errors.md. A test compares both. */
export const errorCodes: readonly ErrorCode[] = [
  {
    codes: ["Forbidden.RAM", "NoPermission*", "Forbidden", "Forbidden.*"],
    description: "The access key is valid, but its RAM user or role isn't allowed to make this call.",
    remedy: "Attach a RAM policy that allows the action to the user or role.",
    advise: ({ ramAction }) =>
      ramAction === undefined
        ? undefined
        : `Attach this RAM policy to the user or role: ${ramPolicy(ramAction)}`,
  },
  {
    codes: ["NotExist.Instance"],
    description: "The account has no instance with this ID.",
    remedy: "Check instanceId, and make sure that the lookup uses the account and region of the instance.",
  },
  {
    codes: ["InvalidAccessKeyId.NotFound", "InvalidAccessKeyId*"],
    description: "The access key ID doesn't exist: it is mistyped, or the access key was deleted.",
    remedy: "Correct the access key ID, or create an access key.",
  },
  {
    codes: ["InvalidAccessKeyId.Inactive", "InvalidAccessKeyId.Disabled"],
    description: "The access key is disabled.",
    remedy: "Enable the access key in the RAM console, or use another one.",
  },
  {
    codes: ["SignatureDoesNotMatch", "IncompleteSignature"],
    description: "The access key secret doesn't match the access key ID.",
    remedy:
      "Copy the ID and the secret of the same access key again, without quotation marks or spaces around them.",
  },
  {
    codes: ["InvalidSecurityToken*", "SecurityTokenExpired", "InvalidStsToken*"],
    description: "The security token has expired, or belongs to another access key.",
    remedy:
      "Get new temporary credentials, and set the access key ID, the secret and the security token together.",
  },
  {
    codes: ["MissingSecurityToken"],
    description: "The access key is temporary, and its security token is missing.",
    remedy: "Set the security token in the same source (configuration or environment) as the access key.",
  },
  {
    codes: ["InvalidTimeStamp*"],
    description: "The local clock differs from the service's clock by more than 15 minutes.",
    remedy: "Synchronize the local clock, for example with NTP.",
    advise: clocks,
  },
  {
    codes: ["EntityNotExist.Role"],
    description: "The role to assume doesn't exist, or doesn't trust the identity that assumes it.",
    remedy: "Check the ARN and the trust policy of the role.",
  },
  {
    codes: ["AuthenticationFail.*"],
    description: "STS rejected the OIDC token.",
    remedy:
      "Check that the token file is refreshed, and that the issuer, fingerprint and client ID of the OIDC provider are correct.",
  },
  {
    codes: [
      "*Throttl*",
      "*FlowControl*",
      "*RateLimit*",
      "*RequestLimit*",
      "*QpsLimit*",
      "TooManyRequests*",
      "ServiceBusy*",
      "SystemBusy*",
      "isv.BUSINESS_LIMIT_CONTROL",
    ],
    retry: "throttled",
    description: "The service throttled the call and its retries.",
    remedy: "Set outboundbot:maxRate to your share of the rate limit, or raise outboundbot:maxAttempts.",
  },
  {
    codes: ["InvalidApi.NotFound", "InvalidVersion", "InvalidAction.NotFound"],
    description: "The endpoint doesn't serve this API.",
    remedy: "Remove the endpoint argument or outboundbot:endpoint, or set it to an OutboundBot endpoint.",
  },
  {
    codes: ["UnknownHost"],
    description: "The host name can't be resolved.",
    remedy:
      "Check the endpoint and DNS, and set HTTPS_PROXY if this network requires a proxy; outboundbot:network=vpc works only inside a VPC.",
  },
  {
    codes: ["ConnectionRefused"],
    retry: "transient",
    description: "Nothing is listening on the port.",
    remedy: "Check the firewall and the port of the endpoint. If you use the emulator, start it.",
  },
  {
    codes: ["ConnectionReset", "TruncatedResponse"],
    retry: "transient",
    description: "The connection closed before the response was complete.",
    remedy: "Retry; if it fails again, check whether a proxy or firewall closes connections.",
  },
  {
    codes: ["CallTimeout"],
    retry: "transient",
    description: "No complete response arrived in time.",
    remedy:
      "Check the network, set HTTPS_PROXY if this network requires a proxy, or raise outboundbot:callTimeout.",
  },
  {
    codes: ["ProxyFailure"],
    description: "The proxy can't be reached, or refused the connection.",
    remedy:
      "Check HTTPS_PROXY or HTTP_PROXY and the credentials in it, or add the host to NO_PROXY to connect directly.",
  },
  {
    codes: ["TlsFailure"],
    description: "The TLS certificate of the host can't be verified.",
    remedy:
      "If a proxy or the endpoint uses a private CA, set outboundbot:caFile or NODE_EXTRA_CA_CERTS to a PEM file with the certificate of that CA; verification can't be turned off.",
  },
  unreadable,
  {
    codes: ["ServiceUnavailable*", "InternalError*", "InternalServerError*", "Unknown", "UnknownError"],
    retry: "transient",
    description: "The service failed, and so did the retries.",
    remedy: "Retry later; if it fails again, open a ticket with Alibaba Cloud and include the request ID.",
  },
  {
    codes: ["SignatureNonceUsed*"],
    retry: "transient",
    description: "The service received the same signed request twice; a retry gets a new signature.",
    remedy: "Retry; if it fails again, check whether a proxy repeats requests.",
  },
  {
    codes: ["ConnectionFailed"],
    retry: "transient",
    description: "Another network error occurred.",
    remedy: "Check the network, then retry.",
  },
];

/** The patterns of all codes, most specific first. */
const patterns = errorCodes
  .flatMap((entry) => entry.codes.map((code) => ({ code, pattern: toRegExp(code), entry })))
  .sort((one, other) => specificity(one.code) - specificity(other.code));

function specificity(code: string): number {
  return code.includes("*") ? -code.length : Number.NEGATIVE_INFINITY;
}

function toRegExp(code: string): RegExp {
  return new RegExp(`^${code.replaceAll(".", "\\.").replaceAll("*", ".*")}$`, "i");
}

function entryOf(code: string): ErrorCode | undefined {
  return patterns.find(({ pattern }) => pattern.test(code))?.entry;
}

/** Returns what to do about a failure, or `undefined` when no remedy is known. */
export function adviceFor(code: string, context: AdviceContext): string | undefined {
  const entry = entryOf(code);
  return entry?.advise?.(context) ?? entry?.remedy;
}

/**
 * Returns how a failed call is retried.
 *
 * The code decides, because the same code comes with different statuses. There are three exceptions. Status 429 is throttled, and
 * so is any failure that states when to retry. A status of 500 and above is transient, unless the code is throttled. An
 * unreadable response with a 3xx or 4xx status isn't retried, because a proxy or portal sends the same response again.
 */
export function retryOf({ code, statusCode = 0, retryAfter }: RetryFacts): Retry {
  const entry = entryOf(code);
  const isRedirect = statusCode >= 300 && statusCode < 400;
  if (entry?.retry === "throttled" || statusCode === 429 || (retryAfter !== undefined && !isRedirect)) {
    return "throttled";
  }
  if (statusCode >= 500) {
    return "transient";
  }
  return entry === unreadable && statusCode >= 300 ? "never" : (entry?.retry ?? "never");
}

/** Returns a RAM policy that allows one action, in the format that the RAM console accepts. */
function ramPolicy(action: string): string {
  return JSON.stringify({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
  });
}

function clocks({ serverDate, now }: AdviceContext): string {
  const theirs = Date.parse(serverDate ?? "");
  const ours = new Date(now).toISOString();
  const minutes = Math.round(Math.abs(now - theirs) / 60_000);
  // If the Date header agrees with this machine, another clock rejected the request.
  if (Number.isNaN(theirs) || minutes === 0) {
    return `The local clock reads ${ours}. Synchronize it, for example with NTP.`;
  }
  const direction = now > theirs ? "ahead of" : "behind";
  return `The local clock (${ours}) is ${minutes} minutes ${direction} the service's clock (${new Date(theirs).toISOString()}). Synchronize the local clock, for example with NTP.`;
}
