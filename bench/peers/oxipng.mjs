// oxipng with its default options, in the build of @napi-rs/image: node oxipng.mjs OUT AT_ONCE FILES...
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { losslessCompressPng } from "@napi-rs/image";

const [out, atOnce, ...files] = process.argv.slice(2);
let next = 0;
async function work() {
  while (next < files.length) {
    const file = files[next++];
    await writeFile(`${out}/${basename(file)}`, await losslessCompressPng(await readFile(file)));
  }
}
await Promise.all(Array.from({ length: +atOnce }, work));
