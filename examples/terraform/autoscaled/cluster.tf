resource "aws_ecs_cluster" "orders" {
  name = "orders"
}

resource "aws_vpc" "main" {
  cidr_block = "10.1.0.0/16"
  tags       = { Name = "orders" }
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.1.1.0/24"
  tags       = { Name = "orders" }
}
