package interop;

import static interop.Harness.equal;
import static interop.Harness.eventually;
import static interop.Harness.expect;
import static interop.Hub.CONNECTION_STRING;
import static interop.Hub.answer;
import static interop.Hub.expectRefusal;
import static interop.Hub.twins;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.azure.sdk.iot.service.jobs.DirectMethodsJobOptions;
import com.microsoft.azure.sdk.iot.service.jobs.JobStatistics;
import com.microsoft.azure.sdk.iot.service.jobs.ScheduledJob;
import com.microsoft.azure.sdk.iot.service.jobs.ScheduledJobStatus;
import com.microsoft.azure.sdk.iot.service.jobs.ScheduledJobType;
import com.microsoft.azure.sdk.iot.service.jobs.ScheduledJobsClient;
import com.microsoft.azure.sdk.iot.service.query.JobQueryResponse;
import com.microsoft.azure.sdk.iot.service.query.QueryClient;
import com.microsoft.azure.sdk.iot.service.query.RawQueryResponse;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.twin.Twin;
import interop.Hub.Batch;
import interop.Hub.ConnectedDevice;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class JobChecks {
  private static final ScheduledJobsClient jobs = new ScheduledJobsClient(CONNECTION_STRING);
  private static final QueryClient queries = new QueryClient(CONNECTION_STRING);
  private static final Set<ScheduledJobStatus> OVER = Set.of(
      ScheduledJobStatus.completed, ScheduledJobStatus.failed, ScheduledJobStatus.cancelled);

  private JobChecks() {}

  static void add(Harness harness) {
    harness.check("job.twins", "a job writes the twins of all devices that meet its condition", () -> {
      Batch batch = new Batch(3);
      ScheduledJob created = scheduleTwins(newJobId(), batch, new Date());
      equal(ScheduledJobType.scheduleUpdateTwin, created.getJobType());
      ScheduledJob job = finished(created.getJobId());
      equal(ScheduledJobStatus.completed, job.getJobStatus());
      expectStatistics(3, 3, 0, job);
      for (Device device : batch.devices) {
        Twin twin = twins.get(device.getDeviceId());
        equal(2.0, ((Number) twin.getTags().get("ring")).doubleValue());
        equal("eco", twin.getDesiredProperties().get("mode"));
      }
    });

    harness.check("job.methods", "a job calls each device, and tells what became of it on each", () -> {
      Batch batch = new Batch(2);
      String jobId = newJobId();
      try (ConnectedDevice connected = new ConnectedDevice(batch.devices.get(0))) {
        connected.serve((name, payload, context) -> answer(201, "heard " + payload.getPayloadAsJsonString()));
        scheduleMethod(jobId, batch, Map.of("delay", 5));
        ScheduledJob job = finished(jobId);
        equal(ScheduledJobStatus.completed, job.getJobStatus());
        expectStatistics(2, 1, 1, job);
      }
      // Raw, since the SDK fails on a row of a method job: it looks for what is only in the job itself.
      RawQueryResponse rows =
          queries.queryRaw("SELECT * FROM devices.jobs WHERE devices.jobs.jobId = '" + jobId + "'");
      Map<String, JsonObject> found = new HashMap<>();
      while (rows.hasNext()) {
        JsonObject row = JsonParser.parseString(rows.next()).getAsJsonObject();
        found.put(row.get("deviceId").getAsString(), row);
      }
      equal(Set.of(batch.id(0), batch.id(1)), found.keySet());
      JsonObject near = found.get(batch.id(0));
      equal("completed", near.get("status").getAsString());
      equal(
          JsonParser.parseString("{status: 201, payload: 'heard {\"delay\":5}'}"),
          near.getAsJsonObject("outcome").get("deviceMethodResponse"));
      JsonObject away = found.get(batch.id(1));
      equal("failed", away.get("status").getAsString());
      expect(away.has("error"), away);
    });

    harness.check("job.progress", "while a device takes its time, the job says that it is under way", () -> {
      Batch batch = new Batch(1);
      String jobId = newJobId();
      CountDownLatch over = new CountDownLatch(1);
      try (ConnectedDevice slow = new ConnectedDevice(batch.devices.get(0))) {
        slow.serve((name, payload, context) -> {
          await(over);
          return answer(200, null);
        });
        scheduleMethod(jobId, batch, null);
        ScheduledJob job =
            eventually(() -> jobs.get(jobId), found -> found.getJobStatistics().getRunningCount() == 1);
        equal(ScheduledJobStatus.running, job.getJobStatus());
        expectRefusal(405, "", () -> jobs.cancel(jobId));
        over.countDown();
        expectStatistics(1, 1, 0, finished(jobId));
      }
    });

    harness.check("job.cancel", "a job that has not begun is cancelled, and never runs", () -> {
      Batch batch = new Batch(1);
      String jobId = newJobId();
      scheduleTwins(jobId, batch, new Date(System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1)));
      equal(ScheduledJobStatus.scheduled, jobs.get(jobId).getJobStatus());
      equal(ScheduledJobStatus.cancelled, jobs.cancel(jobId).getJobStatus());
      equal(ScheduledJobStatus.cancelled, jobs.get(jobId).getJobStatus());
      expect(!twins.get(batch.id(0)).getTags().containsKey("ring"), "the job ran");
    });

    harness.check("job.list", "jobs are listed by type and status, page by page", () -> {
      Batch batch = new Batch(1);
      List<String> wanted = new ArrayList<>();
      for (int index = 0; index < 3; index++) {
        wanted.add(newJobId());
        scheduleTwins(wanted.get(index), batch, new Date());
        finished(wanted.get(index));
      }
      List<String> listed = new ArrayList<>();
      JobQueryResponse response =
          jobs.query(ScheduledJobType.scheduleUpdateTwin, ScheduledJobStatus.completed);
      for (ScheduledJob job : all(response)) {
        equal(ScheduledJobType.scheduleUpdateTwin, job.getJobType());
        equal(ScheduledJobStatus.completed, job.getJobStatus());
        listed.add(job.getJobId());
      }
      expect(listed.containsAll(wanted), listed);
    });

    harness.check("job.twice", "a second job of the same id is a conflict", () -> {
      Batch batch = new Batch(1);
      String jobId = newJobId();
      scheduleTwins(jobId, batch, new Date());
      expectRefusal(409, "JobAlreadyExists", () -> scheduleTwins(jobId, batch, new Date()));
    });

    harness.check("job.unknown", "a job that does not exist is not cancelled", () ->
        expectRefusal(404, "", () -> jobs.cancel(newJobId())));
  }

  private static ScheduledJob scheduleTwins(String jobId, Batch batch, Date start) throws Exception {
    Twin patch = new Twin();
    patch.getTags().put("ring", 2);
    patch.getDesiredProperties().put("mode", "eco");
    return jobs.scheduleUpdateTwin(jobId, batch.condition, patch, start, 60);
  }

  private static ScheduledJob scheduleMethod(String jobId, Batch batch, Object payload) throws Exception {
    DirectMethodsJobOptions options = DirectMethodsJobOptions.builder()
        .payload(payload)
        .methodResponseTimeoutSeconds(20)
        .methodConnectTimeoutSeconds(0)
        .maxExecutionTimeSeconds(60)
        .build();
    return jobs.scheduleDirectMethod(jobId, batch.condition, "reboot", new Date(), options);
  }

  private static ScheduledJob finished(String jobId) throws Exception {
    return eventually(() -> jobs.get(jobId), job -> OVER.contains(job.getJobStatus()));
  }

  private static List<ScheduledJob> all(JobQueryResponse response) throws Exception {
    List<ScheduledJob> found = new ArrayList<>();
    while (response.hasNext()) {
      found.add(response.next());
    }
    return found;
  }

  private static void expectStatistics(int devices, int succeeded, int failed, ScheduledJob job) {
    JobStatistics counts = job.getJobStatistics();
    equal(List.of(devices, succeeded, failed, 0, 0), List.of(
        counts.getDeviceCount(),
        counts.getSucceededCount(),
        counts.getFailedCount(),
        counts.getRunningCount(),
        counts.getPendingCount()));
  }

  private static String newJobId() {
    return "java-" + UUID.randomUUID();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(Harness.PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException error) {
      Thread.currentThread().interrupt();
    }
  }
}
