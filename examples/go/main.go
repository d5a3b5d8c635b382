package main

import (
	"example.com/pulumi-outboundbot/sdk/go/outboundbot"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		// Two dialers, and the bots that each may call with: whatever carries its tag, without an id in this program.
		production := outboundbot.GetInstancesOutput(ctx, outboundbot.GetInstancesOutputArgs{Tags: careBots("prod")})
		staging := outboundbot.GetInstancesOutput(ctx, outboundbot.GetInstancesOutputArgs{Tags: careBots("staging")})

		// The staging bots once more, kept in the state: a preview shows which of them came and went.
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
