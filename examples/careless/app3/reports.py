"""Monthly reports for the polls app."""

import sqlite3
from datetime import date, timedelta


def monthly_totals(connection, month):
    start = date(month.year, month.month, 1)
    end = (start + timedelta(days=32)).replace(day=1)
    rows = connection.execute(
        "SELECT poll, count(*) FROM votes WHERE created >= ? AND created < ? GROUP BY poll",
        (start.isoformat(), end.isoformat()),
    ).fetchall()
    return {poll: count for poll, count in rows}


def write_report(path, totals):
    lines = ["poll,votes"]
    for poll, count in sorted(totals.items()):
        lines.append(f"{poll},{count}")
    with open(path, "w") as report:
        report.write("\n".join(lines))


def send_report(path, recipients):
    for recipient in recipients:
        message = build_message(recipient,
