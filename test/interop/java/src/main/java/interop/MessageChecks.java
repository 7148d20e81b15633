package interop;

import static interop.Harness.PATIENCE_SECONDS;
import static interop.Harness.equal;
import static interop.Harness.eventually;
import static interop.Harness.expect;
import static interop.Harness.raises;
import static interop.Hub.CONNECTION_STRING;
import static interop.Hub.connectionString;
import static interop.Hub.newDevice;
import static interop.Hub.newId;
import static interop.Hub.registry;

import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.IotHubMessageResult;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubDeviceMaximumQueueDepthExceededException;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubNotFoundException;
import com.microsoft.azure.sdk.iot.service.messaging.AcknowledgementType;
import com.microsoft.azure.sdk.iot.service.messaging.DeliveryAcknowledgement;
import com.microsoft.azure.sdk.iot.service.messaging.FeedbackRecord;
import com.microsoft.azure.sdk.iot.service.messaging.FeedbackStatusCode;
import com.microsoft.azure.sdk.iot.service.messaging.IotHubServiceClientProtocol;
import com.microsoft.azure.sdk.iot.service.messaging.Message;
import com.microsoft.azure.sdk.iot.service.messaging.MessageFeedbackProcessorClient;
import com.microsoft.azure.sdk.iot.service.messaging.MessagingClient;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import interop.Hub.ConnectedDevice;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Messages: to devices, which services send over AMQP, what became of them, and messages from devices. */
final class MessageChecks {
  private static final String ACCENTS = "Grüße";

  private MessageChecks() {}

  static void add(Harness harness) {
    harness.check("message.receive", "a message that a service sends over AMQP reaches the device, with its properties",
        () -> sendAndReceive(IotHubServiceClientProtocol.AMQPS, IotHubClientProtocol.MQTT));

    harness.check("message.receive-websocket", "it reaches a device that is connected over WebSocket, too",
        () -> sendAndReceive(IotHubServiceClientProtocol.AMQPS, IotHubClientProtocol.MQTT_WS));

    harness.check("message.send-websocket", "a service may send over AMQP over WebSocket as well",
        () -> sendAndReceive(IotHubServiceClientProtocol.AMQPS_WS, IotHubClientProtocol.MQTT));

    harness.check("message.queue", "messages wait for a device that is away, and come in their order", () -> {
      Device device = newDevice();
      try (Service service = new Service(IotHubServiceClientProtocol.AMQPS)) {
        for (int number = 0; number < 5; number++) {
          service.client.send(device.getDeviceId(), new Message("number " + number));
        }
      }
      equal(5L, queued(device));
      DeviceClient client = new DeviceClient(
          connectionString(device.getDeviceId(), device.getPrimaryKey()), IotHubClientProtocol.MQTT);
      // Before it connects, since the SDK drops what comes before there is a callback.
      BlockingQueue<com.microsoft.azure.sdk.iot.device.Message> messages = receiveFrom(client);
      try (ConnectedDevice connected = new ConnectedDevice(client)) {
        for (int number = 0; number < 5; number++) {
          equal("number " + number, text(messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)));
        }
        eventually(() -> queued(device), count -> count == 0);
      }
    });

    harness.check("message.full", "no more than fifty messages wait for a device", () -> {
      Device device = newDevice();
      try (Service service = new Service(IotHubServiceClientProtocol.AMQPS)) {
        for (int number = 0; number < 50; number++) {
          service.client.send(device.getDeviceId(), new Message("wait"));
        }
        raises(IotHubDeviceMaximumQueueDepthExceededException.class,
            () -> service.client.send(device.getDeviceId(), new Message("one too many")));
      }
      equal(50L, queued(device));
    });

    harness.check("message.unknown-device", "a message for a device that does not exist is refused", () -> {
      try (Service service = new Service(IotHubServiceClientProtocol.AMQPS)) {
        raises(IotHubNotFoundException.class, () -> service.client.send(newId(), new Message("anybody there?")));
      }
    });

    harness.check("feedback.success", "the service that asked hears that its message was taken", () -> {
      for (IotHubServiceClientProtocol protocol : IotHubServiceClientProtocol.values()) {
        Device device = newDevice();
        try (Service service = new Service(protocol); ConnectedDevice connected = new ConnectedDevice(device)) {
          receiveFrom(connected.client);
          Message message = askingForFeedback();
          service.client.send(device.getDeviceId(), message);
          FeedbackRecord record = feedbackOn(message, protocol);
          equal(FeedbackStatusCode.success, record.getStatusCode());
          equal(device.getDeviceId(), record.getDeviceId());
          equal(device.getGenerationId(), record.getDeviceGenerationId());
        }
      }
    });

    harness.check("feedback.expired", "and that one was not taken in its time", () -> {
      Device device = newDevice();
      try (Service service = new Service(IotHubServiceClientProtocol.AMQPS)) {
        Message message = askingForFeedback();
        message.setExpiryTimeUtc(new Date(System.currentTimeMillis() + 1500));
        service.client.send(device.getDeviceId(), message);
        FeedbackRecord record = feedbackOn(message, IotHubServiceClientProtocol.AMQPS);
        equal(FeedbackStatusCode.expired, record.getStatusCode());
      }
      equal(0L, queued(device));
    });

    harness.check("telemetry.device", "a message with properties is acknowledged, over MQTT and over WebSocket", () -> {
      IotHubClientProtocol[] protocols = {IotHubClientProtocol.MQTT, IotHubClientProtocol.MQTT_WS};
      for (IotHubClientProtocol protocol : protocols) {
        try (ConnectedDevice connected = new ConnectedDevice(newDevice(), protocol)) {
          com.microsoft.azure.sdk.iot.device.Message message =
              new com.microsoft.azure.sdk.iot.device.Message("{\"temperature\": 21.5}");
          message.setContentType("application/json");
          message.setContentEncoding("utf-8");
          message.setProperty("alert", "no");
          connected.client.sendEvent(message);
        }
      }
    });
  }

  /** A service's connection for sending, open until closed. */
  private static final class Service implements AutoCloseable {
    final MessagingClient client;

    Service(IotHubServiceClientProtocol protocol) throws Exception {
      client = new MessagingClient(CONNECTION_STRING, protocol);
      client.open();
    }

    @Override
    public void close() throws InterruptedException {
      client.close();
    }
  }

  private static void sendAndReceive(
      IotHubServiceClientProtocol serviceProtocol, IotHubClientProtocol deviceProtocol) throws Exception {
    Device device = newDevice();
    try (Service service = new Service(serviceProtocol);
        ConnectedDevice connected = new ConnectedDevice(device, deviceProtocol)) {
      BlockingQueue<com.microsoft.azure.sdk.iot.device.Message> messages = receiveFrom(connected.client);
      Message message = new Message(ACCENTS.getBytes(StandardCharsets.UTF_8));
      message.setMessageId("m-1");
      message.setCorrelationId("c-1");
      message.getProperties().put("level", ACCENTS + " & more=all");
      service.client.send(device.getDeviceId(), message);
      com.microsoft.azure.sdk.iot.device.Message received =
          messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      equal(ACCENTS, text(received));
      equal("m-1", received.getMessageId());
      equal("c-1", received.getCorrelationId());
      equal(ACCENTS + " & more=all", received.getProperty("level"));
      eventually(() -> queued(device), count -> count == 0);
    }
  }

  private static BlockingQueue<com.microsoft.azure.sdk.iot.device.Message> receiveFrom(DeviceClient client) {
    BlockingQueue<com.microsoft.azure.sdk.iot.device.Message> messages = new LinkedBlockingQueue<>();
    client.setMessageCallback((message, context) -> {
      messages.add(message);
      return IotHubMessageResult.COMPLETE;
    }, null);
    return messages;
  }

  /** For both kinds of feedback: the SDK's words for one kind alone are not those that the hub documents. */
  private static Message askingForFeedback() {
    Message message = new Message("did you get this?");
    message.setMessageId(UUID.randomUUID().toString());
    message.setDeliveryAcknowledgement(DeliveryAcknowledgement.Full);
    return message;
  }

  private static FeedbackRecord feedbackOn(Message message, IotHubServiceClientProtocol protocol) throws Exception {
    BlockingQueue<FeedbackRecord> records = new LinkedBlockingQueue<>();
    MessageFeedbackProcessorClient processor =
        new MessageFeedbackProcessorClient(CONNECTION_STRING, protocol, batch -> {
          batch.getRecords().stream()
              .filter(record -> message.getMessageId().equals(record.getOriginalMessageId()))
              .forEach(records::add);
          return AcknowledgementType.COMPLETE;
        });
    processor.start();
    try {
      FeedbackRecord record = records.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      expect(record != null, "no feedback came");
      return record;
    } finally {
      processor.stop();
    }
  }

  private static String text(com.microsoft.azure.sdk.iot.device.Message message) {
    expect(message != null, "no message came");
    return new String(message.getBytes(), StandardCharsets.UTF_8);
  }

  private static long queued(Device device) throws Exception {
    return registry.getDevice(device.getDeviceId()).getCloudToDeviceMessageCount();
  }
}
