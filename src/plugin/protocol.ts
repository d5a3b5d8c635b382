import { status } from "@grpc/grpc-js";
import { containsUnknown } from "../common/reserved.js";
import { packageVersion } from "../common/version.js";
import { changedSettings, checkConfig } from "./checkConfig.js";
import { instanceResource, instanceType } from "./instanceResource.js";
import { list } from "./list.js";
import { lookupResource, lookupType } from "./lookupResource.js";
import {
  type Checked,
  changes,
  type PluginResource,
  type RunLookup,
  withoutSecrets,
} from "./pluginResource.js";
import { settingsSources, stackSettings, toStrings } from "./providerSettings.js";
import type { Provider } from "./providers.js";
import schema from "./schema.json";
import { StatusError } from "./statusError.js";
import type { Decoded, Fields } from "./wireReader.js";
import { bytes, integer, message, properties, text } from "./wireWriter.js";

/** One call of the engine. */
export interface Call {
  readonly request: Fields;
  readonly provider: Provider;
  readonly run: RunLookup;
  /** Sends one response of a stream. */
  readonly send: (response: Buffer) => Promise<void>;
}

/** A method of the protocol. Returns its response, unless it sends a stream of them. */
export type Method = (call: Call) => Buffer | Promise<Buffer | undefined>;

const empty = message();

/** The methods of pulumirpc.ResourceProvider, with the field numbers of its messages. Any other is unimplemented. */
export const methods: Readonly<Record<string, Method>> = {
  Handshake: ({ request, provider }) => {
    provider.engine.moveTo(request.text(1));
    // accept_secrets and accept_resources.
    return message(integer(1, true), integer(2, true));
  },
  Attach: ({ request, provider }) => {
    provider.engine.moveTo(request.text(1));
    return empty;
  },
  GetPluginInfo: () => message(text(1, packageVersion)),
  GetSchema: ({ request }) => {
    const version = request.count(1);
    if (version !== 0) {
      throw new StatusError(
        status.INVALID_ARGUMENT,
        `The outboundbot provider has no schema of version ${version}, only of version 0.`,
      );
    }
    return message(text(1, JSON.stringify({ ...schema, version: packageVersion })));
  },
  // No Terraform provider maps to this one. An empty response tells the engine so without an error.
  GetMapping: () => empty,
  GetMappings: () => empty,
  CheckConfig: ({ request }) => {
    const name = request.text(6) || urnParts(request.text(1)).name;
    // The default provider receives the stack's configuration, which another provider may be named like.
    const stack = /^default(_|$)/.test(name) ? stackSettings(process.env) : {};
    return checked(checkConfig(request.properties(3), stack));
  },
  // Nothing is replaced, because a lookup doesn't belong to an account or region.
  DiffConfig: ({ request }) => {
    const changed = changedSettings(request.properties(6).values, request.properties(4).values);
    const change = changed.length === 0 ? changes.none : changes.some;
    return message(integer(4, change), ...changed.map((name) => text(5, name)));
  },
  Configure: ({ request, provider }) => {
    const { values } = request.properties(2);
    // The engine doesn't send requests to a provider with unknown settings, but other callers may.
    if (!containsUnknown(values)) {
      provider.configure(settingsSources(toStrings(values), stackSettings(process.env), process.env));
    }
    // acceptSecrets, supportsPreview and acceptResources.
    return message(integer(1, true), integer(2, true), integer(3, true));
  },
  Invoke: async ({ request, run }) => {
    const token = request.text(1);
    // Loaded on first use, because the lookups and the vendor's SDK load slowly.
    const { functions }: typeof import("../lookup/functions.js") = require("../lookup/functions.js");
    const name = token.replace(/^outboundbot:index:/, "");
    const find = functions.get(name);
    if (find === undefined) {
      throw new StatusError(status.INVALID_ARGUMENT, `The outboundbot provider has no function ${token}.`);
    }
    const args = request.properties(2);
    const { values, secrets } = args;
    // Every failure is an error, even invalid arguments: `pulumi do` ignores the failures of a response and reports success.
    const found = await run((context) => find(values, { ...context, secretArguments: secrets })).then(
      (result) => Object.fromEntries(Object.entries(result)),
      (error: unknown) => {
        throw withoutSecrets(error, args, name);
      },
    );
    return message(properties(1, found, secrets.size > 0 ? Object.keys(found) : []));
  },
  Check: async ({ request, run }) =>
    checked(await resourceOf(request.text(1)).check(request.properties(2), request.properties(3), run)),
  Diff: ({ request }) => {
    const change = resourceOf(request.text(2)).diff(request.properties(3), request.properties(4));
    return message(integer(4, change));
  },
  Create: ({ request }) => {
    const { id, outputs } = resourceOf(request.text(1)).create(request.properties(2), request.count(4) > 0);
    return message(text(1, id), state(2, outputs));
  },
  Read: async ({ request, run }) => {
    const id = request.text(1);
    const found = await resourceOf(request.text(2)).read(id, request.properties(3), run);
    // A response without an ID tells the engine that the resource doesn't exist.
    return found === undefined
      ? empty
      : message(text(1, id), state(2, found.outputs), state(3, found.inputs));
  },
  List: async ({ request, run, send }) => {
    await list(request, run, send);
    return undefined;
  },
  Update: ({ request }) => message(state(1, resourceOf(request.text(2)).update(request.properties(4)))),
  // A lookup has nothing outside the state, and the stack doesn't own a bot.
  Delete: () => empty,
  Cancel: ({ provider }) => {
    provider.cancel();
    return empty;
  },
};

const state = (field: number, { values, secrets }: Decoded): Buffer => properties(field, values, secrets);

function checked({ inputs, failures }: Checked): Buffer {
  return message(state(1, inputs), ...failures.map((reason) => bytes(2, message(text(2, reason)))));
}

function resourceOf(urn: string): PluginResource {
  const { type } = urnParts(urn);
  if (type === lookupType) {
    return lookupResource;
  }
  if (type === instanceType) {
    return instanceResource;
  }
  throw new StatusError(
    status.INVALID_ARGUMENT,
    `The outboundbot provider has no resource ${type || "without a type"}; it has ${instanceType} and ${lookupType}.`,
  );
}

/** Returns the parts of `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. The name may contain `::`. */
function urnParts(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}
