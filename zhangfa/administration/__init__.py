"""The papers of administration; for now the change of a company figure 章程修改单 (X-2)."""
