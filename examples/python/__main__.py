import pulumi
import pulumi_outboundbot as outboundbot

# Two dialers, and the bots that each may call with: whatever carries its tag, without an id in this program.
production = outboundbot.get_instances_output(tags={"env": "prod", "team": "care"})
staging = outboundbot.get_instances_output(tags={"env": "staging", "team": "care"})

# The staging bots once more, kept in the state: a preview shows which of them came and went.
tracked = outboundbot.InstanceLookup("staging-bots", tags={"env": "staging", "team": "care"})

pulumi.export("productionIds", production.ids)
pulumi.export("stagingIds", staging.ids)
pulumi.export("trackedIds", tracked.ids)
