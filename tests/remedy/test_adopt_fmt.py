"""Edits of a file that `terraform fmt` likes are files that it likes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from adopt_cases import adopted, change

from reconciler.adapters.terraform.binary import find_any_binary

SOURCE = """\
resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.api.arn
  desired_count   = 3   # three
  launch_type     = "x" # kept

  propagate_tags = "SERVICE"

  network_configuration {
    subnets = [
      "subnet-1", # first
      "subnet-2"  # second
    ]
    assign_public_ip = false
  }

  tags = {
    Name  = "web"
    Owner = "me" # me
  }

  lifecycle {
    ignore_changes = [cluster]
  }
}

resource "aws_ecs_task_definition" "api" {
  family = "api"
  container_definitions = jsonencode([
    {
      name  = "nginx"
      image = "nginx:1.20"
      environment = [
        { name = "A", value = "1" },
      ]
    }
  ])
}
"""
WEB, API = "aws_ecs_service.web", "aws_ecs_task_definition.api"
CASES = [
    (WEB, "desired_count", 3, 10),
    (WEB, "propagate_tags", "SERVICE", None),
    (WEB, "tags[Owner]", "me", None),
    (WEB, "enable_execute_command", None, True),
    (WEB, "deployment_minimum_healthy_percent", None, 50),
    (WEB, "network_configuration[0].subnets", None, ["subnet-1", "subnet-2", "subnet-3"]),
    (WEB, "network_configuration[0].subnets", None, ["subnet-1"]),
    (WEB, "network_configuration[0].security_groups", None, ["sg-1"]),
    (WEB, "tags[Team]", None, "x"),
    (WEB, "tags[Environment]", None, "x"),
    (WEB, "tags[Name]", "web", None),
    (WEB, "capacity_provider_strategy[FARGATE]", None, {"capacity_provider": "FARGATE", "weight": 1}),
    (WEB, "network_configuration[0]", {"subnets": []}, None),
    (API, "container_definitions[nginx].image", "nginx:1.20", "nginx:1.21"),
    (API, "container_definitions[nginx].cpu", None, 256),
    (API, "container_definitions[nginx].memoryReservation", None, 256),
    (API, "container_definitions[nginx].secrets[S]", None, {"name": "S", "valueFrom": "arn"}),
    (API, "container_definitions[nginx].environment[B]", None, {"name": "B", "value": "2"}),
    (API, "container_definitions[nginx].logConfiguration", None, {"logDriver": "x", "options": {"a-b": "c", "d": "e"}}),
    (API, "container_definitions[side]", None, {"name": "side", "image": "i", "portMappings": [{"containerPort": 80}]}),
]


@pytest.mark.e2e
def test_edits_stay_formatted(tmp_path: Path) -> None:
    (tmp_path / "source.tf").write_text(SOURCE)
    for number, (address, path, state, live) in enumerate(CASES):
        (tmp_path / f"case{number:02}.tf").write_text(adopted(SOURCE, change(path, state, live), address=address))
    command = [*find_any_binary().command, "fmt", "-check", "-diff"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
