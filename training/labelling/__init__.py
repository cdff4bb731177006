"""What helps a hand that labels: geometry, assists that find edges, proposals, and what to label next. No Qt."""
