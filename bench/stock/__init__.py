"""Stock Rasa for comparison: a small rating dialogue on the pipeline and policies it ships."""
