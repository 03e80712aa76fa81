resource "aws_vpc" "main" {
  cidr_block = "10.2.0.0/16"
  tags       = { Name = "batch" }
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.2.1.0/24"
  tags       = { Name = "batch" }
}

variable "ami" {
  description = "The ECS-optimised image; AWS publishes its id as /aws/service/ecs/optimized-ami/amazon-linux-2023/recommended."
  type        = string
  default     = "ami-0123456789abcdef0"
}

resource "aws_launch_template" "instances" {
  name          = "batch"
  image_id      = var.ami
  instance_type = "m6i.large"
  user_data     = base64encode("#!/bin/sh\necho ECS_CLUSTER=batch >> /etc/ecs/ecs.config\n")
}

resource "aws_autoscaling_group" "instances" {
  name                = "batch"
  min_size            = 0
  max_size            = 8
  vpc_zone_identifier = [aws_subnet.private.id]

  launch_template {
    id      = aws_launch_template.instances.id
    version = "$Latest"
  }

  tag {
    key                 = "AmazonECSManaged"
    value               = "true"
    propagate_at_launch = true
  }

  lifecycle {
    ignore_changes = [desired_capacity] # the capacity provider owns it
  }
}
