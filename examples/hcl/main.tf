terraform {
  required_providers {
    outboundbot = {
      source = "pulumi/outboundbot"
    }
  }
}

# The customer care bots of each environment, selected by tag: the program contains no IDs.
data "outboundbot_instances" "production" {
  tags = { env = "prod", team = "care" }
}

data "outboundbot_instances" "staging" {
  tags = { env = "staging", team = "care" }
}

# A resource stores its result in the state, so the next preview shows which bots were added or removed.
resource "outboundbot_instance_lookup" "staging-bots" {
  tags = { env = "staging", team = "care" }
}

output "productionIds" {
  value = data.outboundbot_instances.production.ids
}

output "stagingIds" {
  value = data.outboundbot_instances.staging.ids
}

output "trackedIds" {
  value = outboundbot_instance_lookup.staging-bots.ids
}
