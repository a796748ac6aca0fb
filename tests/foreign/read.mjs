// Prints a line of JSON for each record that ReplayWeb.page's own reader finds in a segment.
import { createReadStream } from "node:fs";
import { WARCParser } from "warcio";

const parser = new WARCParser(createReadStream(process.argv[2]));
for await (const record of parser) {
  const content = await record.readFully(true);
  console.log(
    JSON.stringify({
      type: record.warcType,
      url: record.warcTargetURI,
      offset: parser.offset,
      status: record.httpHeaders ? record.httpHeaders.statusCode : null,
      content: content ? Buffer.from(content).toString("base64") : "",
    }),
  );
}
