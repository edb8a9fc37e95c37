"""The report of an import on a terminal."""

from rich.console import Console
from rich.table import Table

from forum.importers.stackexchange.report import Report


def show_report(report: Report, console: Console) -> None:
    """Print what became of the rows of each file, the most frequent reasons, and where each row is listed."""
    done = "would be imported" if report.is_dry_run else "imported"
    table = Table(title=f"Import of {report.origin}" + (" (dry run)" if report.is_dry_run else ""))
    table.add_column("file")
    for name in ("read", done, "already there", "skipped", "repaired"):
        table.add_column(name, justify="right")
    for file in report.files:
        imported = file.waiting if report.is_dry_run else file.imported
        numbers = (file.read, imported, file.present, file.skipped, file.repaired)
        table.add_row(file.file, *(f"{number:,}" for number in numbers))
    console.print(table)
    if report.reasons:
        console.print("Skipped most often:")
        for reason, number in report.reasons:
            console.print(f"  {number:>9,}  {reason}", markup=False, highlight=False)
    console.print(
        f"Every skipped and every repaired row is listed in {report.path}", soft_wrap=True, markup=False
    )
