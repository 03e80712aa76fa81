terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # What the demo and the tests have been run with. The major version decides what a refresh shows.
      version = "~> 5.100"
    }
  }
}

# No endpoints and no credentials here: both come from the environment, so that the same code runs against a real
# account and against the sandbox (`reconciler sandbox` prints the variables).
provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = {
      managed-by = "terraform"
    }
  }
}
