terraform {
  required_providers {
    outboundbot = {
      source = "pulumi/outboundbot"
    }
  }
}

# Two dialers, and the bots that each may call with: whatever carries its tag, without an id in this program.
data "outboundbot_instances" "production" {
  tags = { env = "prod", team = "care" }
}

data "outboundbot_instances" "staging" {
  tags = { env = "staging", team = "care" }
}

# The staging bots once more, kept in the state: a preview shows which of them came and went.
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
