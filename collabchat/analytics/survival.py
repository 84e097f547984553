"""How long things take of which some have not happened yet."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd


class Survival(NamedTuple):
    """The share that is still waiting after so many seconds, with its band of 95 %."""

    curve: pd.DataFrame
    """``seconds``, ``waiting``, ``low``, ``high`` (float64), from 0 on."""

    def quantiles(self, shares: Iterable[float]) -> list[float]:
        """After how many seconds so many have happened; not a number where the curve does not come so low."""
        seconds, waiting = self.curve["seconds"].to_numpy(), self.curve["waiting"].to_numpy()
        found = []
        for share in shares:
            reached = np.flatnonzero(waiting <= 1 - share + 1e-12)
            found.append(float(seconds[reached[0]]) if len(reached) else float("nan"))
        return found


def survival_of(seconds: pd.Series, happened: pd.Series) -> Survival:
    """Kaplan and Meier's estimate, with Greenwood's band on the log-log scale, as ``scipy`` makes it.

    Parameters
    ----------
    seconds
        How long each took, or has waited so far.
    happened
        Whether it happened.

    Raises
    ------
    ImportError
        Where ``scipy`` is not installed.
    """
    if not len(seconds):
        return Survival(
            pd.DataFrame({name: pd.Series(dtype="float64") for name in ("seconds", "waiting", "low", "high")})
        )
    try:
        from scipy.stats import CensoredData, ecdf
    except ImportError as error:
        raise ImportError("Times to an answer need SciPy: pip install 'collabchat[analytics]'.") from error
    took, done = seconds.to_numpy(dtype=float), happened.to_numpy(dtype=bool)
    made = ecdf(CensoredData(uncensored=took[done], right=took[~done])).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        # At the ends, where all or none are waiting, there is no band: it is closed there.
        warnings.simplefilter("ignore", RuntimeWarning)
        band = made.confidence_interval(0.95, method="log-log")
    waiting = np.concatenate([[1.0], made.probabilities])
    low = np.concatenate([[1.0], band.low.probabilities])
    high = np.concatenate([[1.0], band.high.probabilities])
    return Survival(
        pd.DataFrame(
            {
                "seconds": np.concatenate([[0.0], made.quantiles]),
                "waiting": waiting,
                "low": np.where(np.isnan(low), waiting, low),
                "high": np.where(np.isnan(high), waiting, high),
            }
        )
    )
