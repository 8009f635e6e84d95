"""Figures across apps: 2:8 analysis and the reports drawn, frozen and sent (X-6)."""
