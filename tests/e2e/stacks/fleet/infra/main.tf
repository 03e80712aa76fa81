# A fleet that is applied twice, as the CLI workspaces `default` and `blue`, with its states in one bucket.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }

  backend "s3" {
    bucket         = "fleet-states"
    key            = "fleet/terraform.tfstate"
    region         = "us-east-1"
    use_path_style = true
    use_lockfile   = true
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

variable "queues" {
  type = map(number)
}

locals {
  name    = "fleet-${terraform.workspace}"
  default = terraform.workspace == "default" ? 1 : 0
}

resource "aws_ecs_cluster" "this" {
  name = local.name
}

resource "aws_ecs_cluster" "west" {
  provider = aws.west
  name     = local.name
}
