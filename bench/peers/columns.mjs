// columns.mjs OUT polars|duckdb FILE   mean and std of every column of a CSV, one line each
import { writeFileSync } from "node:fs";

const [out, how, file] = process.argv.slice(2);
let rows;
if (how === "polars") {
	const pl = (await import("nodejs-polars")).default;
	const frame = pl.scanCSV(file);
	const all = frame.select(pl.all().mean().suffix("_mean"), pl.all().std().suffix("_std"));
	const one = (await all.collect()).toRecords()[0];
	rows = Object.entries(one);
} else {
	const { DuckDBInstance } = await import("@duckdb/node-api");
	const db = await (await DuckDBInstance.create(":memory:")).connect();
	const what = "avg(COLUMNS(*)) AS '\\0_mean', stddev_samp(COLUMNS(*)) AS '\\0_std'";
	const result = await db.runAndReadAll(`SELECT ${what} FROM read_csv('${file}')`);
	rows = Object.entries(result.getRowObjects()[0]);
}
writeFileSync(`${out}/${how}.csv`, rows.map(([name, v]) => `${name},${v}\n`).join(""));
