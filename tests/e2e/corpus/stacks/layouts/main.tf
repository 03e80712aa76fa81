# The ways in which code can be laid out: modules in modules, indexes, two regions, two accounts.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

provider "aws" {
  alias  = "audit"
  region = "us-east-1"

  assume_role {
    role_arn = "arn:aws:iam::210987654321:role/terraform-apply"
  }
}

resource "aws_ecs_cluster" "east" {
  name = "layouts"
}

resource "aws_ecs_cluster" "west" {
  provider = aws.west
  name     = "layouts"
}

resource "aws_ecs_cluster" "audit" {
  provider = aws.audit
  name     = "layouts"
}

resource "aws_ecs_task_definition" "east" {
  family                = "layouts"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128 }])
}

resource "aws_ecs_task_definition" "west" {
  provider              = aws.west
  family                = "layouts"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128 }])
}

resource "aws_ecs_task_definition" "audit" {
  provider              = aws.audit
  family                = "layouts"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128 }])
}

# One name, three places.
resource "aws_ecs_service" "east" {
  name            = "web"
  cluster         = aws_ecs_cluster.east.name
  task_definition = aws_ecs_task_definition.east.arn
  desired_count   = 1
}

resource "aws_ecs_service" "west" {
  provider        = aws.west
  name            = "web"
  cluster         = aws_ecs_cluster.west.arn
  task_definition = aws_ecs_task_definition.west.arn
  desired_count   = 1
}

resource "aws_ecs_service" "audit" {
  provider        = aws.audit
  name            = "web"
  cluster         = aws_ecs_cluster.audit.arn
  task_definition = aws_ecs_task_definition.audit.arn
  desired_count   = 1
}

resource "aws_ecs_service" "counted" {
  count           = 3
  name            = "counted-${count.index}"
  cluster         = aws_ecs_cluster.east.arn
  task_definition = aws_ecs_task_definition.east.arn
  desired_count   = 1
}

# Keys that are awkward to write in an address.
resource "aws_ecs_service" "keyed" {
  for_each = {
    "a.b"          = "dotted"
    "eu/west"      = "slashed"
    "say \"hi\""   = "quoted"
    "grün"         = "umlaut"
    "path[0].name" = "pathlike"
    "with space"   = "spaced"
  }

  name            = each.value
  cluster         = aws_ecs_cluster.east.arn
  task_definition = aws_ecs_task_definition.east.arn
  desired_count   = 1
}

module "front" {
  source  = "./modules/service"
  cluster = aws_ecs_cluster.east.arn
  name    = "front"
}

module "back" {
  source   = "./modules/group"
  for_each = toset(["x", "y"])
  cluster  = aws_ecs_cluster.east.arn
  prefix   = "back-${each.key}"
}
