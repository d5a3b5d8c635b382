import pulumi
import pulumi_outboundbot as outboundbot

# The customer care bots of each environment, selected by tag: the program contains no IDs.
production = outboundbot.get_instances_output(tags={"env": "prod", "team": "care"})
staging = outboundbot.get_instances_output(tags={"env": "staging", "team": "care"})

# A resource stores its result in the state, so the next preview shows which bots were added or removed.
tracked = outboundbot.InstanceLookup("staging-bots", tags={"env": "staging", "team": "care"})

pulumi.export("productionIds", production.ids)
pulumi.export("stagingIds", staging.ids)
pulumi.export("trackedIds", tracked.ids)
