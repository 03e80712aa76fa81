# A network just large enough for Fargate: two subnets, no way in.

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"

  tags = { Name = "production" }
}

resource "aws_subnet" "private" {
  for_each = {
    "us-east-1a" = "10.0.1.0/24"
    "us-east-1b" = "10.0.2.0/24"
  }

  vpc_id            = aws_vpc.main.id
  availability_zone = each.key
  cidr_block        = each.value

  tags = { Name = "production-${each.key}" }
}

resource "aws_security_group" "services" {
  name        = "production-services"
  description = "Containers of the production cluster"
  vpc_id      = aws_vpc.main.id
}

locals {
  subnets         = [for subnet in aws_subnet.private : subnet.id]
  security_groups = [aws_security_group.services.id]
}
