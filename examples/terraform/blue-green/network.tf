resource "aws_vpc" "main" {
  cidr_block           = "10.3.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "checkout" }
}

resource "aws_subnet" "private" {
  for_each = {
    "us-east-1a" = "10.3.1.0/24"
    "us-east-1b" = "10.3.2.0/24"
  }

  vpc_id            = aws_vpc.main.id
  availability_zone = each.key
  cidr_block        = each.value
  tags              = { Name = "checkout-${each.key}" }
}

# The load balancer is another team's: its listener forwards to one of these, and a deployment turns it to the other.
resource "aws_lb_target_group" "checkout" {
  for_each    = toset(["blue", "green"])
  name        = "checkout-${each.key}"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id
}
