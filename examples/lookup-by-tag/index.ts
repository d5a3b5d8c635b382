import * as pulumi from "@pulumi/pulumi";
import { getInstancesOutput } from "pulumi-outboundbot";
import { DialerSettings } from "./dialerSettings";

const folder = new pulumi.Config().get("folder") ?? "dialers";

// The customer care bots of each environment, selected by tag: the program contains no IDs.
const production = getInstancesOutput({ tags: { env: "prod", team: "care" } });
const staging = getInstancesOutput({ tags: { env: "staging", team: "care" } });

new DialerSettings("production", { file: `${folder}/production.json`, bots: production.instances });
new DialerSettings("staging", { file: `${folder}/staging.json`, bots: staging.instances });

export const productionIds = production.ids;
export const stagingIds = staging.ids;
