"""What the tests reached of the product, from SlipCover's report: all of it enough, and some files whole."""

import json
import sys

ENOUGH = 95  # per cent of lines and branches together, of the whole product


def lacks(report, whole):
    """Return a sentence for each bound that a report does not meet; `whole` are paths that must be reached entirely."""
    reached = report["summary"]["percent_covered"]
    said = [f"{reached:.2f} % are reached, and {ENOUGH} are asked"] if reached < ENOUGH else []
    for path in whole:
        if path not in report["files"]:
            said.append(f"{path}: not measured")
        elif left := left_out(report["files"][path]):
            said.append(f"{path}: must be reached entirely, and is not at {left}")
    return said


def left_out(file):
    """Return the lines, and the branches as from->to, that no test reached. 0 is the end; "" where nothing is left."""
    branches = [f"{before}->{after}" for before, after in file["missing_branches"]]
    return ", ".join([*map(str, file["missing_lines"]), *branches])


def main(path, whole):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    for name, measured in sorted(report["files"].items()):
        if left := left_out(measured):
            print(f"{name}: {left}")
    said = lacks(report, whole)
    print("\n".join(said) or f"{report['summary']['percent_covered']:.2f} % are reached, {len(whole)} files entirely")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
