"""Write the corpus anew: python -m tests.validation.corpus."""

from tests.validation.corpus import FILE, save

save()
print(f"{FILE} holds the findings in every case")
