"""Money that leaves the company: payments against signed papers, never by the one who approved them."""
