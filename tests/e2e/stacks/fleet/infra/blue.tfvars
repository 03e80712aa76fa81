queues = { "mail" = 2, "print" = 1 }
