"""The folder that OpenSearch runs from, put together once from the pinned jars and shared by all stacks."""

import hashlib
import os
import shutil
import zipfile
from pathlib import Path

from halles_local import lockfile
from halles_local.lockfile import Jar
from halles_local.stack import Stack

VERSION = "3.8.0"
# Module folder -> plugin class; the published jars do not carry their descriptors.
PLUGINS = {
    "aggs-matrix-stats": "org.opensearch.search.aggregations.matrix.MatrixAggregationModulePlugin",
    "analysis-common": "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
    "geo": "org.opensearch.geo.GeoModulePlugin",
    "lang-expression": "org.opensearch.script.expression.ExpressionModulePlugin",
    "lang-mustache": "org.opensearch.script.mustache.MustacheModulePlugin",
    "lang-painless": "org.opensearch.painless.PainlessModulePlugin",
    "mapper-extras": "org.opensearch.index.mapper.MapperExtrasModulePlugin",
    "parent-join": "org.opensearch.join.ParentJoinModulePlugin",
    "percolator": "org.opensearch.percolator.PercolatorModulePlugin",
    "rank-eval": "org.opensearch.index.rankeval.RankEvalModulePlugin",
    "reindex": "org.opensearch.index.reindex.ReindexModulePlugin",
    "transport-netty4": "org.opensearch.transport.Netty4ModulePlugin",
}
EXTENDS = {"analysis-common": "lang-painless"}
DESCRIPTOR = """name={name}
description={name}
version={version}
opensearch.version={version}
java.version=21
classname={plugin}
extended.plugins={extends}
has.native.controller=false
"""
BREAK_ITERATOR = "META-INF/services/java.text.spi.BreakIteratorProvider"


def folder(stack: Stack) -> Path:
    """Return the home for the current lock; another lock gets another folder."""
    digest = hashlib.sha256(lockfile.text("opensearch").encode()).hexdigest()[:12]
    return stack.cache / f"opensearch-{VERSION}-{digest}"


def assemble(stack: Stack, *, jars: Path) -> None:
    """Put the home together unless it is there; it appears under its name only when it is complete."""
    home = folder(stack)
    if home.exists():
        return
    fresh = home.with_name(f"{home.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for jar in lockfile.load("opensearch"):
        for part in jar.folders:
            _place(jar, jars / jar.file_name, fresh / part)
    for name, plugin in PLUGINS.items():
        text = DESCRIPTOR.format(name=name, version=VERSION, plugin=plugin, extends=EXTENDS.get(name, ""))
        (fresh / "modules" / name / "plugin-descriptor.properties").write_text(text)
    (fresh / "plugins").mkdir()
    fresh.rename(home)


def _place(jar: Jar, source: Path, destination: Path) -> None:
    destination.mkdir(parents=True, exist_ok=True)
    target = destination / jar.file_name
    if jar.artifact == "icu4j-localespi":
        _keep_break_iterator(source, target)
    else:
        os.link(source, target)


def _keep_break_iterator(source: Path, target: Path) -> None:
    """Copy the ICU locale jar without the services that would change how Java formats dates and numbers."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            if not entry.is_dir() and (entry.filename == BREAK_ITERATOR or not entry.filename.startswith("META-INF/")):
                new.writestr(zipfile.ZipInfo(entry.filename, (2020, 1, 1, 0, 0, 0)), old.read(entry))
