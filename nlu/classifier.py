"""Rasa's linear classifier, kept as plain numbers.

Rasa keeps it with skops, which goes through all of scikit-learn for types to trust when it loads:
six seconds at each start.
"""

from __future__ import annotations

from typing import Any, Dict

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier

FILE = "linear.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearClassifier(LogisticRegressionClassifier):
    """Trains and classifies as its parent does."""

    def persist(self) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            np.savez_compressed(
                folder / FILE,
                classes=self.clf.classes_,
                weights=self.clf.coef_.astype(np.float32),
                intercept=self.clf.intercept_,
            )

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearClassifier:
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / FILE) as kept:
            component.clf.classes_ = kept["classes"]
            component.clf.coef_ = kept["weights"].astype(np.float64)
            component.clf.intercept_ = kept["intercept"]
        return component
