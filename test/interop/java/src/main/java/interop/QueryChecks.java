package interop;

import static interop.Harness.equal;
import static interop.Harness.expect;
import static interop.Hub.CONNECTION_STRING;
import static interop.Hub.expectRefusal;
import static interop.Hub.newDevice;
import static interop.Hub.newModule;
import static interop.Hub.tag;
import static interop.Hub.twins;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.azure.sdk.iot.service.query.QueryClient;
import com.microsoft.azure.sdk.iot.service.query.QueryPageOptions;
import com.microsoft.azure.sdk.iot.service.query.RawQueryResponse;
import com.microsoft.azure.sdk.iot.service.query.TwinQueryResponse;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.twin.Twin;
import interop.Hub.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

final class QueryChecks {
  private static final QueryClient queries = new QueryClient(CONNECTION_STRING);

  private QueryChecks() {}

  static void add(Harness harness) {
    harness.check("query.pages", "devices are found by tag, page by page", () -> {
      String batch = UUID.randomUUID().toString();
      List<String> ids = new ArrayList<>();
      for (int index = 0; index < 5; index++) {
        String id = newDevice().getDeviceId();
        ids.add(id);
        Twin patch = new Twin(id);
        patch.getTags().put("batch", batch);
        twins.patch(patch);
      }
      TwinQueryResponse response = twins.query(
          "SELECT * FROM devices WHERE tags.batch = '" + batch + "'",
          QueryPageOptions.builder().pageSize(2).build());
      List<String> found = new ArrayList<>();
      while (response.hasNext()) {
        found.add(response.next().getDeviceId());
      }
      found.sort(null);
      ids.sort(null);
      equal(ids, found);
    });

    harness.check("query.refused", "text that is no query is refused", () ->
        expectRefusal(400, "ErrorCode:", () -> twins.query("SELECT * FROM devices WHERE tags.site =")));

    harness.check("query.modules", "modules are found by their own twins", () -> {
      Device device = newDevice();
      newModule(device);
      newModule(newDevice());
      Twin patch = new Twin(device.getDeviceId(), "meter");
      patch.getTags().put("of", device.getDeviceId());
      twins.patch(patch);
      TwinQueryResponse response =
          queries.queryTwins("SELECT * FROM devices.modules WHERE tags.of = '" + device.getDeviceId() + "'");
      Twin found = response.next();
      equal(device.getDeviceId(), found.getDeviceId());
      equal("meter", found.getModuleId());
      expect(!response.hasNext(), "more than one module");
    });

    harness.check("query.count", "devices are counted, and values aggregated by group", () -> {
      Batch batch = new Batch(3);
      for (int index = 0; index < 3; index++) {
        tag(batch.devices.get(index), "ring", index < 2 ? "one" : "two");
        tag(batch.devices.get(index), "load", 10 * (index + 1));
      }
      List<JsonObject> counts = raw("SELECT COUNT() AS total FROM devices WHERE " + batch.condition, 10);
      equal(3, counts.get(0).get("total").getAsInt());
      Map<String, List<Integer>> groups = new HashMap<>();
      for (JsonObject row : raw("SELECT tags.ring AS ring, COUNT() AS many, AVG(tags.load) AS mean "
          + "FROM devices WHERE " + batch.condition + " GROUP BY tags.ring", 10)) {
        groups.put(row.get("ring").getAsString(), List.of(row.get("many").getAsInt(), row.get("mean").getAsInt()));
      }
      equal(Map.of("one", List.of(2, 15), "two", List.of(1, 30)), groups);
    });

    harness.check("query.project", "a projection gives what it names, page by page", () -> {
      Batch batch = new Batch(5);
      List<String> found = new ArrayList<>();
      for (JsonObject row : raw("SELECT deviceId AS id FROM devices WHERE " + batch.condition, 2)) {
        equal(Set.of("id"), row.keySet());
        found.add(row.get("id").getAsString());
      }
      equal(batch.devices.stream().map(Device::getDeviceId).sorted().collect(Collectors.toList()),
          found.stream().sorted().collect(Collectors.toList()));
    });

    harness.check("query.conditions", "conditions of every kind select", () -> {
      Batch batch = new Batch(2);
      tag(batch.devices.get(0), "n", 7);
      tag(batch.devices.get(0), "text", "it's");
      for (String condition : List.of(
          "tags.n = 7",
          "tags.n >= 7 AND NOT (tags.n > 7)",
          "tags.n IN [1, 7]",
          "is_defined(tags.n)",
          "startswith(tags.text, 'it')",
          "(tags.n = 7 OR tags.n = 8) AND status = 'enabled'")) {
        TwinQueryResponse response =
            queries.queryTwins("SELECT * FROM devices WHERE " + batch.condition + " AND " + condition);
        equal(batch.id(0), response.next().getDeviceId());
        expect(!response.hasNext(), condition);
      }
    });

    harness.check("query.foreign-page", "the next page of another query is refused", () -> {
      Batch batch = new Batch(3);
      TwinQueryResponse response = queries.queryTwins(
          "SELECT * FROM devices WHERE " + batch.condition, QueryPageOptions.builder().pageSize(1).build());
      QueryPageOptions next =
          QueryPageOptions.builder().continuationToken(response.getContinuationToken()).build();
      expectRefusal(400, "ErrorCode:", () -> queries.queryTwins("SELECT * FROM devices", next));
    });
  }

  private static List<JsonObject> raw(String text, int pageSize) throws Exception {
    RawQueryResponse response =
        queries.queryRaw(text, QueryPageOptions.builder().pageSize(pageSize).build());
    List<JsonObject> rows = new ArrayList<>();
    while (response.hasNext()) {
      rows.add(JsonParser.parseString(response.next()).getAsJsonObject());
    }
    return rows;
  }
}
