"""What a request costs: tariffs, quantities, and which price is charged for which. Pure and exact."""
