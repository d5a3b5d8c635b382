package main

import (
	"example.com/pulumi-outboundbot/sdk/go/outboundbot"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		// The customer care bots of each environment, selected by tag: the program contains no IDs.
		production := outboundbot.GetInstancesOutput(ctx, outboundbot.GetInstancesOutputArgs{Tags: careBots("prod")})
		staging := outboundbot.GetInstancesOutput(ctx, outboundbot.GetInstancesOutputArgs{Tags: careBots("staging")})

		// A resource stores its result in the state, so the next preview shows which bots were added or removed.
		tracked, err := outboundbot.NewInstanceLookup(ctx, "staging-bots", &outboundbot.InstanceLookupArgs{
			Tags: careBots("staging"),
		})
		if err != nil {
			return err
		}

		ctx.Export("productionIds", production.Ids())
		ctx.Export("stagingIds", staging.Ids())
		ctx.Export("trackedIds", tracked.Ids)
		return nil
	})
}

func careBots(env string) pulumi.StringMap {
	return pulumi.StringMap{"env": pulumi.String(env), "team": pulumi.String("care")}
}
